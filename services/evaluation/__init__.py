"""What the meetings add up to: figures of every unit and month, continuously."""
