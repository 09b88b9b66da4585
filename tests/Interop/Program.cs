using System.CommandLine;
using EdgeAgent.Interop.Commands;

RootCommand root = new("Holds implementations of gRPC against each other, by the public test service grpc.testing.TestService.")
{
    ClientCommand.Create(),
    ServerCommand.Create(),
    DescriptorsCommand.Create(),
};
ParseResult parsed = root.Parse(args);
if (parsed.Errors is [var error, ..])
{
    await Console.Error.WriteLineAsync($"{error.Message} See --help.");
    return ExitCode.Usage;
}
return await parsed.InvokeAsync();
