#!/usr/bin/env bash
# Serve Superset on 127.0.0.1:8088 with the key-account dashboard, for the release of one home.
#   bi/superset/start.sh <folder of Superset's virtual environment> <home>
set -euo pipefail
bin=$1/bin
home=$2
here=$(cd "$(dirname "$0")" && pwd)

export SUPERSET_HOME="$home/superset" SUPERSET_CONFIG_PATH="$here/superset_config.py" FLASK_APP=superset
mkdir -p "$SUPERSET_HOME"
# Made once, so that sessions and stored passwords outlive a restart; readable by nobody else.
if [ ! -s "$SUPERSET_HOME/secret_key" ]; then
    (umask 077 && "$bin/python" -c 'import secrets; print(secrets.token_urlsafe(42))' > "$SUPERSET_HOME/secret_key")
fi
SUPERSET_SECRET_KEY=$(< "$SUPERSET_HOME/secret_key")
export SUPERSET_SECRET_KEY

if [ ! -s "$SUPERSET_HOME/superset.db" ]; then
    "$bin/superset" db upgrade
    "$bin/superset" fab create-admin --username admin --firstname Key --lastname Accounts \
        --email admin@example.com --password "${SUPERSET_ADMIN_PASSWORD:-admin}"
    "$bin/superset" init
fi
"$bin/python" "$here/bundle.py" "$home/published/current/key_accounts.duckdb" "$SUPERSET_HOME/key_accounts.zip"
"$bin/superset" import-dashboards --path "$SUPERSET_HOME/key_accounts.zip" --username admin
echo "Open http://127.0.0.1:8088/superset/dashboard/key-accounts/ and log in as admin."
exec "$bin/superset" run --host 127.0.0.1 --port 8088
