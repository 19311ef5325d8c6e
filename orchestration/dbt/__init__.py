"""How dbt is called: its arguments, its process, what it left behind, its place in the graph."""
