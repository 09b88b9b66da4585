"""What can be run in the virtual machine: a module each, with add_options(parser) and run(image, chosen, checks), which returns figures."""

from . import footprint, package, powercut, sensors

SCENARIOS = {"sensors": sensors, "package": package, "powercut": powercut, "footprint": footprint}
