namespace EdgeAgent.Configuration;

/// <summary>
/// One thing that is wrong with a document. The pointer leads to the value, or to where the missing one belongs; the message
/// says what is wrong and what to do, in whole sentences, and never holds the value of a secret.
/// </summary>
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
