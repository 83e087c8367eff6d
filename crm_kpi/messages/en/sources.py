"""What files hold: why rows are rejected, what was assumed, what cannot be read."""

TEXTS: dict[str, str | dict[str, str]] = {
    # the URL of a database
    "sources.other_scheme": "should begin with postgresql:// or sqlite:///",
    "sources.no_file_named": "should name a file",
    "sources.write_sqlite": "write sqlite:///PATH, with a fourth slash for /PATH",
    "sources.file_with_options": "holds options, or a letter that begins them: ?, # or ;",
    "sources.name_file_alone": "name the file alone",
    "sources.no_url": "is no URL",
    "sources.write_url": "write postgresql://HOST/DATABASE or sqlite:///PATH",
    "sources.service_and_host": "names a service and a host or a user",
    "sources.write_service": "write postgresql:///DATABASE?service=NAME",
    "sources.refused_parameter": "holds the parameter {parameter}",
    "sources.unknown_parameter": "holds a parameter that is not known",
    "sources.parameter_once": "should hold {parameter}=VALUE, once",
    "sources.unknown_sslmode": "holds an unknown sslmode",
    "sources.known_are": "known are {words}",
    "sources.connect_timeout": "holds a connect_timeout that is not 1 to 999 seconds",
    "sources.holds_password": "holds a password",
    "sources.take_password_out": "take it out: PGPASSWORD in the environment or a password file "
    "(PGPASSFILE) gives it",
}
