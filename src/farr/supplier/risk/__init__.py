"""How exposed the people in a clean file are: people alike, and a simulated intruder."""
