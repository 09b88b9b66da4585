using System.CommandLine;
using EdgeAgent.Interop.Serving;
using Google.Protobuf;

namespace EdgeAgent.Interop.Commands;

/// <summary><c>descriptors</c>: the protocol for peers that generate no code.</summary>
internal static class DescriptorsCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "Where to write." };
        var command = new Command("descriptors", "Write the protocol as a google.protobuf.FileDescriptorSet.") { file };
        command.SetAction(parsed =>
        {
            File.WriteAllBytes(parsed.GetRequiredValue(file).FullName, ProtocolDescriptors.Create().ToByteArray());
            return ExitCode.Success;
        });
        return command;
    }
}
