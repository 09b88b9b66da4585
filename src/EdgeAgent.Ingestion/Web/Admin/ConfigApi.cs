using System.Text;
using EdgeAgent.Ingestion.Configs;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Storage.Control;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;

namespace EdgeAgent.Ingestion.Web.Admin;

/// <summary>
/// Configurations: layers, groups, rollouts, and how far each device is. What cannot be done is answered with 404 or 422 and a sentence as plain text;
/// docs/configuration-remote.md shows each answer.
/// </summary>
internal static class ConfigApi
{
    /// <summary>Of a device's revisions and reports, and of rollouts, in one answer.</summary>
    private const int MostOfHistory = 200;

    /// <summary>Devices in one answer; the next ones are asked for by the last name.</summary>
    private const int MostDevices = 1_000;

    /// <summary>JSON may take six bytes for one of the document (\u0022), and what is around it is short.</summary>
    private const int EscapedTimes = 6;

    private const int AroundDocument = 64 * 1024;

    public static void Map(RouteGroupBuilder admin, IngestionParts parts)
    {
        Configurations configs = parts.Configs;
        RouteGroupBuilder config = admin.MapGroup("/config");
        config.WithMetadata(new BodyLimit((EscapedTimes * configs.Options.MaximumDocumentBytes) + AroundDocument));
        config.AddEndpointFilter(async (context, next) =>
        {
            try
            {
                return await next(context);
            }
            catch (ConfigRefusedException refused)
            {
                return Refusal(refused.Message, refused.IsMissing ? StatusCodes.Status404NotFound : StatusCodes.Status422UnprocessableEntity);
            }
            catch (StoreUnavailableException failure)
            {
                return Refusal(failure.Message, StatusCodes.Status503ServiceUnavailable);
            }
        });
        MapLayers(config, configs);
        MapDevices(config, configs);
        MapGroups(config, configs);
        MapRollouts(config, configs);
    }

    private static void MapLayers(RouteGroupBuilder config, Configurations configs)
    {
        config.MapGet("/layers", () => configs.Control.Read(session =>
            new LayersAnswer([.. LayerRows.All(session).Select(version => ConfigViews.Of(version))])));
        config.MapGet("/layers/{layer}", (string layer) => configs.Control.Read(session =>
            new LayersAnswer([.. LayerRows.Of(session, Parse(layer)).Select(version => ConfigViews.Of(version))])));
        config.MapGet("/layers/{layer}/{version:long}", (string layer, long version) => configs.Control.Read(session =>
        {
            LayerVersion found = LayerRows.Get(session, Parse(layer), version);
            return ConfigViews.Of(found, LayerRows.Document(session, found.Hash));
        }));
        config.MapPost("/push", IResult (PushRequest request, HttpContext context) =>
            LayerDocument.TryRead(
                Encoding.UTF8.GetBytes(request.Document ?? ""), configs.Options.MaximumDocumentBytes, out byte[]? document, out IReadOnlyList<DocumentProblem> problems)
                ? TypedResults.Ok(View(configs, configs.Changes.Push(Order(request, document), AdminCaller.Name(context))))
                : Refusal(string.Join('\n', problems), StatusCodes.Status422UnprocessableEntity));
    }

    private static void MapDevices(RouteGroupBuilder config, Configurations configs)
    {
        config.MapGet("/devices", (string? after) => configs.Control.Read(session =>
            new DeviceConfigsAnswer([.. DeviceRows.Page(session, after ?? "", MostDevices).Select(desired => View(session, configs, desired))])));
        config.MapGet("/devices/{device}", (string device) => configs.Control.Read(session => new DeviceHistoryView(
            View(session, configs, DeviceRows.Get(session, device)), GroupRows.Of(session, device),
            [.. RevisionRows.Latest(session, device, MostOfHistory).Select(
                revision => ConfigViews.Of(revision, ReportBook.About(session, device, revision.Number)))],
            [.. ReportBook.Latest(session, device, MostOfHistory).Select(ConfigViews.Of)])));
        config.MapGet("/devices/{device}/revisions/{number:long}", (string device, long number) => configs.Control.Read(session =>
        {
            Revision revision = RevisionRows.Get(session, device, number);
            return ConfigViews.Of(revision, ReportBook.About(session, device, number), LayerRows.Document(session, revision.Hash));
        }));
        config.MapPost("/devices/{device}/retry", (string device, EmptyRequest _, HttpContext context) =>
            new RetryAnswer(device, configs.Changes.Retry(device, AdminCaller.Name(context))));
    }

    private static void MapGroups(RouteGroupBuilder config, Configurations configs)
    {
        config.MapGet("/groups", () => Groups(configs));
        config.MapPost("/groups/{group}/add", (string group, NamesRequest devices, HttpContext context) =>
        {
            configs.Changes.AddToGroup(group, devices.Given(), AdminCaller.Name(context));
            return Groups(configs);
        });
        config.MapPost("/groups/{group}/remove", (string group, NamesRequest devices, HttpContext context) =>
        {
            configs.Changes.RemoveFromGroup(group, devices.Given(), AdminCaller.Name(context));
            return Groups(configs);
        });
        config.MapPost("/groups/order", (NamesRequest groups, HttpContext context) =>
        {
            configs.Changes.OrderGroups(groups.Given(), AdminCaller.Name(context));
            return Groups(configs);
        });
    }

    private static void MapRollouts(RouteGroupBuilder config, Configurations configs)
    {
        config.MapGet("/rollouts", () => configs.Control.Read(session => new RolloutsAnswer(
            [.. RolloutRows.Latest(session, MostOfHistory).Select(rollout => ConfigViews.Of(rollout, RolloutRows.Tally(session, rollout)))])));
        config.MapGet("/rollouts/{number:long}", (long number) => configs.Control.Read(session =>
        {
            Rollout rollout = RolloutRows.Get(session, number);
            List<RolloutDevice> devices = RolloutRows.Devices(session, number);
            return new RolloutDetailView(
                ConfigViews.Of(rollout, RolloutRows.Tally(session, rollout)),
                [.. devices.Select(device => ConfigViews.Of(rollout, device, devices.Count))]);
        }));
        config.MapPost("/rollouts/{number:long}/continue", (long number, EmptyRequest _, HttpContext context) =>
            View(configs, configs.Changes.Continue(number, AdminCaller.Name(context))));
        config.MapPost("/rollouts/{number:long}/stop", (long number, EmptyRequest _, HttpContext context) =>
            View(configs, configs.Changes.Stop(number, AdminCaller.Name(context))));
        config.MapPost("/rollouts/{number:long}/withdraw", (long number, EmptyRequest _, HttpContext context) =>
            View(configs, configs.Changes.Withdraw(number, AdminCaller.Name(context))));
    }

    private static PushOrder Order(PushRequest request, byte[] document)
    {
        IReadOnlyList<RolloutStage>? stages = null;
        if (request.Stages is not null && !RolloutStage.TryParseAll(request.Stages, out stages))
        {
            throw new ConfigRefusedException($"\"{request.Stages}\" are no stages. Write numbers of devices or percentages, such as 5,50%.");
        }
        if (request.StopAt is not (>= 0 and <= 1) || request.TrialSeconds is < 0 or > 3600 || request.AfterSeconds is < 0 or > 366 * 86_400)
        {
            throw new ConfigRefusedException("stopAt is from 0 to 1, trialSeconds from 0 to 3600, afterSeconds from 0 to a year.");
        }
        if (request.Message?.Length > 1000)
        {
            throw new ConfigRefusedException($"The message has {request.Message.Length} characters, not at most 1000.");
        }
        return new PushOrder(
            Parse(request.Layer ?? ""), document, request.Message ?? "", request.MayChangeBootstrap, request.Again, TimeSpan.FromSeconds(request.TrialSeconds), stages,
            TimeSpan.FromSeconds(request.AfterSeconds), request.StopAt);
    }

    private static Layer Parse(string text) => Layer.TryParse(text, out Layer layer)
        ? layer
        : throw new ConfigRefusedException($"\"{text}\" is no layer. Write fleet, group:NAME or device:NAME.");

    private static RolloutView View(Configurations configs, Rollout rollout) =>
        configs.Control.Read(session => ConfigViews.Of(rollout, RolloutRows.Tally(session, rollout)));

    private static DeviceConfigView View(ControlSession session, Configurations configs, DesiredRevision desired) =>
        ConfigViews.Of(desired, ReportBook.About(session, desired.Device, desired.Number), configs.Watching.Contains(desired.Device));

    private static GroupsAnswer Groups(Configurations configs) => configs.Control.Read(session =>
        new GroupsAnswer([.. GroupRows.All(session).Select(group => new GroupView(group, GroupRows.Members(session, group)))]));

    private static ContentHttpResult Refusal(string message, int status) => TypedResults.Text(message, statusCode: status);

    /// <summary>The web port takes no bodies otherwise.</summary>
    private sealed class BodyLimit(long bytes) : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => bytes;
    }
}
