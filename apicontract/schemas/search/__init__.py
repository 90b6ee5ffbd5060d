"""The search for a value of one set outside another, and the contract reading that narrows it."""
