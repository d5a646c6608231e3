"""What people of a class write to each other: drawn without harm, and whether it could give an answer away."""
