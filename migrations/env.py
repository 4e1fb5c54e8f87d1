"""Runs migrations on the connection it is given; never imports the application."""

from alembic import context
from sqlalchemy import create_engine

connection = context.config.attributes.get("connection")
if connection is None:  # called by the alembic command: -x url=sqlite:///…
    url = context.get_x_argument(as_dictionary=True)["url"]
    connection = create_engine(url).connect()

context.configure(connection=connection, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
