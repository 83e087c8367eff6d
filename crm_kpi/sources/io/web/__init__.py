"""Tables that are fetched: from hosts that the user allows, over https, within size and time."""
