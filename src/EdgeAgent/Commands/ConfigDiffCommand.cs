using System.CommandLine;
using System.Text.Json;
using EdgeAgent.Configuration;

namespace EdgeAgent.Commands;

/// <summary><c>edge-agent config diff</c>: what the revision changes of the device's own file.</summary>
internal static class ConfigDiffCommand
{
    private sealed record Difference(string Pointer, ConfigNode? Own, ConfigNode? InForce);

    public static Command Create()
    {
        Option<string> file = ConfigurationOption.Create();
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("diff", "Show in what the configuration in force differs from the device's own file.") { file, json };
        command.SetAction(parsed => CommandOutcome.Run(parsed, () =>
        {
            if (!ConfigLayers.TryRead(parsed, file, out ConfigLayers? layers))
            {
                return ExitCode.Configuration;
            }
            List<Difference> differences = [.. Compare("", layers.Alone.Merged, layers.Running().Merged)];
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
            {
                output.WriteLine(ConfigText.Of(writer => Write(writer, differences)));
                return ExitCode.Success;
            }
            foreach (Difference difference in differences)
            {
                output.WriteLine(difference.Pointer);
                Print(output, '-', difference.Own);
                Print(output, '+', difference.InForce);
            }
            if (differences.Count == 0)
            {
                output.WriteLine("The device's own file is in force as it is.");
            }
            return ExitCode.Success;
        }));
        return command;
    }

    private static void Print(TextWriter output, char sign, ConfigNode? node)
    {
        if (node is not null)
        {
            output.WriteLine($"  {sign} {ConfigText.Short(node)}");
        }
    }

    /// <summary>Sections member by member, everything else as a whole, which is how a revision changes it.</summary>
    private static IEnumerable<Difference> Compare(string pointer, ConfigNode? own, ConfigNode? inForce)
    {
        if (own?.Canonical == inForce?.Canonical)
        {
            return [];
        }
        if (own?.Kind != ConfigNodeKind.Section || inForce?.Kind != ConfigNodeKind.Section)
        {
            return [new Difference(pointer, own, inForce)];
        }
        return own.Members.Concat(inForce.Members).Select(static member => member.Name).Distinct().SelectMany(name =>
            Compare($"{pointer}/{ConfigDocument.Escape(name)}", Member(own, name), Member(inForce, name)));
    }

    private static ConfigNode? Member(ConfigNode section, string name) => section.Members.FirstOrDefault(member => member.Name == name)?.Value;

    private static void Write(Utf8JsonWriter json, List<Difference> differences)
    {
        json.WriteStartArray();
        foreach (Difference difference in differences)
        {
            json.WriteStartObject();
            json.WriteString("pointer", difference.Pointer);
            foreach ((string name, ConfigNode? node) in new[] { ("own", difference.Own), ("inForce", difference.InForce) })
            {
                if (node is not null)
                {
                    json.WritePropertyName(name);
                    ConfigText.Write(json, node);
                }
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
