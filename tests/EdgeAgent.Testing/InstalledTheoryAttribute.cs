using Xunit;

namespace EdgeAgent.Testing;

/// <summary>Like <see cref="InstalledFactAttribute"/>, for a test with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class InstalledTheoryAttribute : TheoryAttribute
{
    public InstalledTheoryAttribute(params string[] programs) => Skip = InstalledFactAttribute.ReasonToSkip(programs);
}
