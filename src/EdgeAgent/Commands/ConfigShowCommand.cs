using System.CommandLine;
using System.Text.Json;
using EdgeAgent.Configuration;
using EdgeAgent.RemoteConfig;

namespace EdgeAgent.Commands;

/// <summary><c>edge-agent config show</c>: the configuration that is in force.</summary>
internal static class ConfigShowCommand
{
    public static Command Create()
    {
        Option<string> file = ConfigurationOption.Create();
        var layers = new Option<bool>("--layers") { Description = "Show the device's own file and the revision apart, too." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("show", "Show the configuration in force: the device's own file and the revision from the cloud over it.") { file, layers, json };
        command.SetAction(parsed => CommandOutcome.Run(parsed, () =>
        {
            if (!ConfigLayers.TryRead(parsed, file, out ConfigLayers? read))
            {
                return ExitCode.Configuration;
            }
            RevisionHeader header = read.State.Running;
            (ConfigNode? document, Layered running) = header.IsNone ? ((ConfigNode?)null, read.Alone) : read.Over(header);
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
            {
                output.WriteLine(ConfigText.Of(writer => Write(writer, read, document, running, parsed.GetValue(layers))));
                return ExitCode.Success;
            }
            if (parsed.GetValue(layers))
            {
                output.WriteLine($"// The device's own file, {read.Own.Path}");
                output.WriteLine(ConfigText.Of(read.Alone.Merged));
                if (document is not null)
                {
                    output.WriteLine($"// Revision {header.Number} by {header.Author}");
                    output.WriteLine(ConfigText.Of(document));
                }
            }
            output.WriteLine(header.IsNone ? $"// In force: {read.Own.Path} alone"
                : $"// In force: {read.Own.Path} and revision {header.Number} by {header.Author}{(read.State.Trial.IsNone ? "" : ", on trial")}");
            output.WriteLine(ConfigText.Of(running.Merged));
            return ExitCode.Success;
        }));
        return command;
    }

    private static void Write(Utf8JsonWriter json, ConfigLayers layers, ConfigNode? document, Layered running, bool isApart)
    {
        json.WriteStartObject();
        json.WriteNumber("number", running.Header.Number);
        json.WriteString("hash", running.Header.Hash);
        json.WriteString("author", running.Header.Author);
        json.WriteBoolean("onTrial", !layers.State.Trial.IsNone);
        if (isApart)
        {
            json.WritePropertyName("own");
            ConfigText.Write(json, layers.Alone.Merged);
            if (document is not null)
            {
                json.WritePropertyName("revision");
                ConfigText.Write(json, document);
            }
        }
        json.WritePropertyName("inForce");
        ConfigText.Write(json, running.Merged);
        json.WriteEndObject();
    }
}
