namespace EdgeAgent.Torture.Config.Identity;

/// <summary>What is done to identities.</summary>
internal static class IdentityCases
{
    public static IReadOnlyList<TortureCase> All { get; } = [];
}
