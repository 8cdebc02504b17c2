"""What the doors take and give, as marshmallow schemas."""
