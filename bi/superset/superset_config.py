"""Superset on loopback beside one home, for one analyst. A company's own has its own settings."""

import os
from pathlib import Path

# Superset is importing this file from its own configuration, whose defaults are set by now.
from superset.config import TALISMAN_CONFIG as SHIPPED

SECRET_KEY = os.environ["SUPERSET_SECRET_KEY"]
SQLALCHEMY_DATABASE_URI = f"sqlite:///{Path(os.environ['SUPERSET_HOME']) / 'superset.db'}"

# Every page of Superset asks scarf.sh for a counting picture; that was decided when it was built.
# A browser does not fetch what the page's own policy does not allow.
TALISMAN_CONFIG = {
    **SHIPPED,
    "content_security_policy": {
        name: [source for source in sources if "scarf.sh" not in source]
        if isinstance(sources, list)
        else sources
        for name, sources in SHIPPED["content_security_policy"].items()
    },
}
