namespace EdgeAgent.Packaging.Tests;

/// <summary>A test that installs packages in a <see cref="ThrowawaySystem"/>. Where there can be none it is skipped by name, and so counted.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SystemFactAttribute : FactAttribute
{
    public SystemFactAttribute() => Skip = ThrowawaySystem.ReasonToSkip;
}
