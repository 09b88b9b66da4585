using System.CommandLine;
using EdgeAgent.Ingestion.Commands;

var root = new RootCommand("edge-ingestion: stores what edge agents upload, each reading exactly once, and shows it.")
{
    ServeCommand.Create(),
    ImportCommand.Create(),
    DevelopmentAuthorityCommand.Create(),
    DeviceCommand.Create(),
};

// Sessions that are open get time to have their data stored.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(25) });
