"""Settings that hold for all tests."""

from hypothesis import settings

# Tests do not time: a busy machine is no fault of the program.
settings.register_profile("crm-kpi", deadline=None)
settings.load_profile("crm-kpi")
