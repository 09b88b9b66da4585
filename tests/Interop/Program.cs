using System.CommandLine;
using System.Security.Cryptography;
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
try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception failure) when (failure is IOException or CryptographicException)
{
    // A port that is taken, a file that is no PEM: the message says it all.
    await Console.Error.WriteLineAsync(failure.Message);
    return ExitCode.Failure;
}
