"""What readers are shown: plain SQL into structs."""
