namespace EdgeAgent.Configuration;

/// <param name="Pointer">JSON pointer to the value, or to where the missing one belongs.</param>
/// <param name="Message">What is wrong and what to do, as whole sentences. Never the value of a secret.</param>
internal sealed record ConfigError(string File, ConfigPosition Position, string Pointer, string Message)
{
    /// <summary><c>file:line:column: /json/pointer: What is wrong. What to do.</c></summary>
    public override string ToString() => Pointer.Length == 0
        ? $"{File}:{Position.Line}:{Position.Column}: {Message}"
        : $"{File}:{Position.Line}:{Position.Column}: {Pointer}: {Message}";
}

/// <summary>Collects everything that is wrong with one document, so that a person corrects it in one go.</summary>
internal sealed class ConfigErrors(string file)
{
    private readonly List<ConfigError> _errors = [];

    public int Count => _errors.Count;

    public void Add(ConfigPosition position, string pointer, string message) => _errors.Add(new ConfigError(file, position, pointer, message));

    public void Add(ConfigNode at, string message) => Add(at.Position, at.Pointer, message);

    /// <summary>In the order in which they stand in the file.</summary>
    public IReadOnlyList<ConfigError> InOrder() => [.. _errors.OrderBy(error => error.Position.Line).ThenBy(error => error.Position.Column)];
}
