"""How the models that tracker ships were made; no part of the installed package."""
