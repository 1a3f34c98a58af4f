"""Names that only a framework or the wire reads; vulture takes them as used."""

from typing import Any

_: Any = object()
_.DEFAULT_RESPONSE_CONTENT_TYPE
_.ERROR_SCHEMA
_.LineLogger
_.PatientWorker
_._register_responses
_._serialize
_.amount_cents
_.awaits
_.caption
_.certifications
_.colour
_.delivery_places
_.distance_m
_.distance_metres
_.do_GET
_.exclude
_.get_command
_.gr_context
_.given_up_at
_.gross_cents
_.handle_http_exception
_.instead_of
_.line_count
_.list_commands
_.load_crates
_.load_grams
_.log_message
_.max_price_cents
_.net_cents
_.obj
_.of_place
_.on
_.operation_helper
_.p99
_.pack_at
_.pytestmark
_.q
_.sort_keys
_.tile
_.unit_price_cents
_.within_km
_.worker_queries
