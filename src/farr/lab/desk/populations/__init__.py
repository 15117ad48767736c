"""What is said of the people who live somewhere: variation, needs, and who is admitted."""
