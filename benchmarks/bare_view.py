"""The bare counterpart of POST /orders: a Flask view that inserts one document of an order's size, and no more."""

from typing import Any

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue
from pymongo import MongoClient

from shared.config import read_settings
from shared.ids import new_id

DATABASE = "bare_view"
TEMPLATE = "template"
PATH = "/orders"


def create_app() -> Flask:
    """For gunicorn; the document to copy is in the database already."""
    client: MongoClient[dict[str, Any]] = MongoClient(read_settings().mongodb_uri)
    orders = client[DATABASE]["orders"]
    template = client[DATABASE][TEMPLATE].find_one() or {}
    app = Flask("bare", static_folder=None)

    @app.post(PATH)
    def place() -> ResponseReturnValue:
        """Take an order."""
        body = request.get_json()
        made = {**template, "_id": new_id()}
        orders.insert_one(made)
        return jsonify(id=made["_id"], **body), 201

    return app
