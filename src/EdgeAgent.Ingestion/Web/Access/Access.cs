using EdgeAgent.Ingestion.People;

namespace EdgeAgent.Ingestion.Web.Access;

/// <summary>What an endpoint asks of its callers, where it is not what <see cref="WebGate"/> asks of all.</summary>
/// <param name="Role">The least role; null: anyone may.</param>
internal sealed record Access(Role? Role);

internal static class AccessBuilding
{
    /// <summary>Nobody is asked who they are.</summary>
    public static TBuilder OpenToAnyone<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Access(null));

    /// <summary>Asks for more than reading, or changing, does.</summary>
    public static TBuilder RequireRole<TBuilder>(this TBuilder endpoint, Role role)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Access(role));
}
