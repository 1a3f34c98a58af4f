#!/usr/bin/env bash
# A farmer lists, a shop orders, an enterprise delivers: every step with curl, against a hub of `schakel up`.
# HUB is its address, VAR its folder. The numbers are of no real enterprises of this trade.
set -euo pipefail
HUB=${HUB:-http://127.0.0.1:8000}
OPERATOR=$(cat ${VAR:-var}/secrets/operator.key)
json() { python3 -c "import json,sys; print(json.load(sys.stdin)$1)"; }
api() { curl -sS -H "Authorization: Bearer $1" -H 'Content-Type: application/json' "${@:2}"; }

# Three parties register, and the operator approves them.
PLACE='{"street":"Dorpsstraat 1","postcode":"3020","town":"Herent","lat":50.9085,"lon":4.6710}'
FARM=$(curl -sS $HUB/producers/v1/producers -H 'Content-Type: application/json' -d '{"kbo":"0403.170.701","name":"Hoeve De Kouter","email":"boer@example.be","place":'"$PLACE"'}' | json '["key"]')
SHOP=$(curl -sS $HUB/orders/v1/buyers -H 'Content-Type: application/json' -d '{"kbo":"0202.239.951","name":"De Kruidenier","email":"shop@example.be","place":'"$PLACE"'}' | json '["key"]')
CREW=$(curl -sS $HUB/logistics/v1/enterprises -H 'Content-Type: application/json' -d '{"kbo":"0417.497.106","name":"Maatwerk Noord","email":"werk@example.be","place":'"$PLACE"',"skills":["collect","pack","deliver"],"area":{"radius_m":30000},"vehicles":[{"name":"Bestelwagen","max_kg":800,"crates":60,"chilled":true}]}' | json '["key"]')
api $OPERATOR -X POST $HUB/producers/v1/producers/0403170701/approve > /dev/null
api $OPERATOR -X POST $HUB/orders/v1/buyers/0202239951/approve > /dev/null
api $OPERATOR -X POST $HUB/logistics/v1/enterprises/0417497106/approve > /dev/null

# The farmer lists 300 kg of carrots, in two packs on one stock.
PRODUCT=$(api $FARM $HUB/producers/v1/products -d '{"name":"Wortelen","kind":"vegetables","unit":"g","storage":{"kind":"ambient"}}' | json '["id"]')
DAY=$(date -d '+1 day' +%F)
LOT=$(api $FARM $HUB/producers/v1/lots -H "Idempotency-Key: carrots-$DAY" -d '{"product_id":"'$PRODUCT'","stock":300000,"packs":[{"id":"1kg","label":"1 kg","size":1000,"price_cents":120},{"id":"10kg","label":"kist 10 kg","size":10000,"price_cents":1000}],"collect":{"start":"'$DAY'T06:00:00+01:00","end":"'$DAY'T12:00:00+01:00"}}' | json '["id"]')

# The shop finds them and orders.
sleep 1
api $SHOP "$HUB/orders/v1/offers?q=wortel&within_km=15"; echo
ORDER=$(api $SHOP $HUB/orders/v1/orders -H "Idempotency-Key: order-$DAY" -d '{"place_id":"main","window":{"start":"'$DAY'T13:00:00+01:00","end":"'$DAY'T17:00:00+01:00"},"lines":[{"lot_id":"'$LOT'","pack_id":"10kg","count":3,"wish":"exact"}]}' | json '["id"]')
sleep 1
api $SHOP $HUB/orders/v1/orders/$ORDER | json '["status"]'

# The enterprise collects and delivers.
for JOB in $ORDER.collect.0403170701 $ORDER.deliver; do
  api $CREW -X POST $HUB/logistics/v1/jobs/$JOB/claim > /dev/null
  sleep 1
  api $CREW -X POST $HUB/logistics/v1/jobs/$JOB/start > /dev/null
  api $CREW $HUB/logistics/v1/jobs/$JOB/done -d '{"by":"Lieve","crates":3}' > /dev/null
done
sleep 1
api $SHOP $HUB/orders/v1/orders/$ORDER | json '["timeline"]' | tr '}' '\n'
api $FARM $HUB/producers/v1/lots/$LOT | json '["stock"]'
