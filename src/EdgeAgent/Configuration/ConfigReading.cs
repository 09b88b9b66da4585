namespace EdgeAgent.Configuration;

/// <summary>One pass over one document: what was asked for, and everything that is wrong.</summary>
/// <param name="file">How errors name the document.</param>
/// <param name="folder">The folder that relative paths of the document count from.</param>
internal sealed class ConfigReading(string file, string folder)
{
    private readonly List<ConfigSection> _sections = [];

    public ConfigErrors Errors { get; } = new(file);

    /// <summary>Every section that was read, with the keys that were asked for. What nobody asked for is unknown.</summary>
    public IReadOnlyList<ConfigSection> Sections => _sections;

    public string FullPath(string path) => Path.GetFullPath(path, folder);

    public ConfigSection Open(ConfigNode node)
    {
        var section = new ConfigSection(this, node);
        _sections.Add(section);
        return section;
    }

    /// <summary>To be called when all that is known was read: reports each key that nobody asked for.</summary>
    public void RejectUnknownKeys()
    {
        foreach (ConfigSection section in _sections.Where(section => !section.IsAbandoned))
        {
            foreach (ConfigMember member in section.Node.Members)
            {
                string[] known = [.. section.Asked.Select(asked => asked.Name)];
                // "$schema" tells editors where the schema is; it means nothing to the agent.
                if (!known.Contains(member.Name) && !(section.Node.Pointer.Length == 0 && member.Name == "$schema"))
                {
                    string suggestion = Suggestion.For(member.Name, known.Except(section.Node.Members.Select(other => other.Name)));
                    Errors.Add(member.Position, member.Value.Pointer, $"There is no such key here.{suggestion} Correct or remove it.");
                }
            }
        }
    }
}
