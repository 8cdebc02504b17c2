"""What happens in a branch: meetings planned, held, recorded, adopted and corrected, and the tasks they give."""
