namespace EdgeAgent.Torture.Config.Identity;

/// <summary>What is done to a device's identity, and to the service by somebody who is not that device.</summary>
internal static class IdentityCases
{
    public static IReadOnlyList<TortureCase> All { get; } = [.. LifeCases.All, .. DecisionCases.All, .. ImpostorCases.All, .. KilledCases.All];
}
