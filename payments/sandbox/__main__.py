"""Run the payments sandbox: ``python -m payments.sandbox --help``.

It stands in for Stripe while the shop is developed, tried or tested.
"""

import sys

from django.core.wsgi import get_wsgi_application

from payments.sandbox.configuration import parse_configuration
from payments.sandbox.django_settings import configure_django
from payments.sandbox.sandbox import Sandbox
from payments.sandbox.server import serve_until_stopped


def main() -> None:
    """Serve until a signal says stop."""
    configuration = parse_configuration()
    sandbox = Sandbox(configuration)
    configure_django()
    application = sandbox.put_before(get_wsgi_application())

    def announce(port: int) -> None:
        sandbox.start()
        sys.stdout.write(f"Payments sandbox on http://{configuration.host}:{port}\n")
        sys.stdout.flush()

    serve_until_stopped(
        application,
        host=configuration.host,
        port=configuration.port,
        announce=announce,
        on_stop=sandbox.stop,
    )


if __name__ == "__main__":
    main()
