using System.Net;
using System.Net.Http.Json;
using EdgeAgent.Ingestion.Requests;
using EdgeAgent.Ingestion.Web.Admin;

namespace EdgeAgent.Ingestion.Tests.Requests;

/// <summary>People's end of a request: the admin API.</summary>
internal static class Asking
{
    public static async Task<RequestView> AskAsync(this RunningService service, string device, RequestForm form)
    {
        using HttpResponseMessage response = await service.PostAsync(device, form);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync(RequestJson.Default.RequestView))!;
    }

    public static Task<HttpResponseMessage> PostAsync(this RunningService service, string device, RequestForm form) =>
        service.Http.PostAsJsonAsync(new Uri($"api/admin/devices/{device}/requests", UriKind.Relative), form, RequestJson.Default.RequestForm);

    /// <summary>Once it is not open any more.</summary>
    public static async Task<RequestView> EndOfAsync(this RunningService service, RequestView asked)
    {
        RequestView? view = await service.Http.GetFromJsonAsync(
            new Uri($"api/admin/devices/{asked.Device}/requests/{asked.Id}?wait=30", UriKind.Relative), RequestJson.Default.RequestView);
        Assert.False(RequestStates.Parse(view!.State).IsOpen(), view.ToString());
        return view;
    }

    public static async Task<RequestsAnswer> RequestsAsync(this RunningService service, string device) =>
        (await service.Http.GetFromJsonAsync(new Uri($"api/admin/devices/{device}/requests", UriKind.Relative), RequestJson.Default.RequestsAnswer))!;
}
