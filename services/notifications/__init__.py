"""Who is told: rules over branches and meetings become notices to units (inbox, e-mail), and end with their cause."""
