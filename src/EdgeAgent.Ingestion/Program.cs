using System.CommandLine;
using EdgeAgent.Ingestion.Commands;

var root = new RootCommand("edge-ingestion: stores what edge agents upload, each reading exactly once, and shows it.")
{
    ServeCommand.Create(),
    ImportCommand.Create(),
    TokenCommand.Create(),
    DeviceCommand.Create(),
    DevicesCommand.Create(),
    AuthorityCommand.Create(),
    DevelopmentAuthorityCommand.Create(),
    UserCommand.Create(),
    ApiTokenCommand.Create(),
    AuditCommand.Create(),
    ConfigCommand.Create(),
    RolloutCommand.Create(),
    GroupCommand.Create(),
};

return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = ServeCommand.EndWithin });
