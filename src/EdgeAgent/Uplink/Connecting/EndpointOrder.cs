namespace EdgeAgent.Uplink.Connecting;

/// <summary>The endpoints in order of preference, and which one is in use.</summary>
internal sealed class EndpointOrder(IReadOnlyList<Uri> endpoints)
{
    private int _index;

    public Uri Current => endpoints[_index];

    public bool IsPreferred => _index == 0;

    /// <summary>The one in use failed; after the last one comes the first one again.</summary>
    /// <returns>False where there is no other.</returns>
    public bool TryNext()
    {
        _index = (_index + 1) % endpoints.Count;
        return endpoints.Count > 1;
    }

    public void Return() => _index = 0;
}
