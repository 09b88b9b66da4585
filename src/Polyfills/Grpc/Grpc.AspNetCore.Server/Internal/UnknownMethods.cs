using Grpc.Core;
using Grpc.Net.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Answers calls of methods that are not there with UNIMPLEMENTED, where HTTP alone would say 404.</summary>
internal sealed class UnknownMethods
{
    private readonly HashSet<string> _mapped = [];

    public void Map(IEndpointRouteBuilder builder, IEnumerable<string> serviceNames, bool ignoreUnknownServices)
    {
        foreach (string service in serviceNames)
        {
            MapOnce(builder, service, $"{service}/{{method:{UnknownMethodConstraint.Name}}}", "method");
        }
        if (!ignoreUnknownServices)
        {
            MapOnce(builder, "", $"{{service}}/{{method:{UnknownMethodConstraint.Name}}}", "service");
        }
    }

    private void MapOnce(IEndpointRouteBuilder builder, string key, string pattern, string what)
    {
        if (_mapped.Add(key))
        {
            builder.Map(RoutePatternFactory.Parse(pattern), http => AnswerAsync(http, what))
                .Add(route => route.DisplayName = $"gRPC unknown {what} of {pattern}");
        }
    }

    private static Task AnswerAsync(HttpContext http, string what)
    {
        http.Response.ContentType = GrpcHeaders.ContentType;
        StatusTrailers.Write(http.Response, new Status(StatusCode.Unimplemented, $"This {what} is not known here."), Metadata.Empty);
        return Task.CompletedTask;
    }
}

/// <summary>Matches gRPC calls only, so that the catch-all route leaves everything else alone.</summary>
internal sealed class UnknownMethodConstraint : IRouteConstraint
{
    public const string Name = "grpcUnknown";

    public bool Match(
        HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        httpContext is not null
        && HttpMethods.IsPost(httpContext.Request.Method)
        && GrpcHeaders.IsGrpc(httpContext.Request.ContentType);
}
