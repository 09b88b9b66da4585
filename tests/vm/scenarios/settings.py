"""What the configurations of the scenarios have in common, and how parts add to them."""

COMMON = {
    # Nobody keeps the guest's clock, and it is the host's.
    "clock": {"trust": "always"},
    "batch": {"maximumAge": "1s"},
}


def merged(configuration: dict, parts) -> dict:
    """With what each part has for it; the lists of all, one after another."""
    configuration = dict(configuration)
    for part in parts:
        for section, content in part.configuration().items():
            configuration[section] = configuration.get(section, []) + content if isinstance(content, list) else content
    return configuration
