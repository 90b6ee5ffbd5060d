"""Generation of code from contracts: a plan of plain data, rendered through templates, written as trees."""
