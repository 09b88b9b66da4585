using EdgeAgent.Protocol.V1;
using EdgeAgent.Testing;
using static EdgeAgent.Ingestion.Tests.Uploads;
using Record = EdgeAgent.Protocol.V1.Record;

namespace EdgeAgent.Ingestion.Tests;

public sealed class PageTests
{
    [InstalledFact("chromium")]
    public async Task The_page_shows_devices_and_sparklines_escapes_what_devices_call_themselves_and_follows_live()
    {
        await using RunningService service = await RunningService.StartAsync();
        const string hostile = "<img src=x onerror=\"document.title='broken'\">";
        await service.Client().SendAsync(Open(1), Numbers(1, readings: 20), Hostile(2, hostile), Gap(3, 4));

        await using Browser browser = await Browser.OpenAsync(service.Web);
        await browser.WaitForAsync("document.querySelector('#connection').dataset.state === 'live'");
        await browser.WaitForAsync("document.querySelectorAll('svg.spark path.trace').length >= 1");

        string text = (string)(await browser.EvaluateAsync("document.body.innerText"))!;
        Assert.Contains("plant-1", text, StringComparison.Ordinal);
        Assert.Contains("office/temperature", text, StringComparison.Ordinal);
        Assert.Contains("°C", text, StringComparison.Ordinal);
        Assert.Contains("1,019", text, StringComparison.Ordinal);
        Assert.Contains("evicted", text, StringComparison.Ordinal);
        Assert.Contains(hostile, text, StringComparison.Ordinal);
        Assert.Equal("Edge ingestion", (string?)await browser.EvaluateAsync("document.title"));
        Assert.Equal(0, (int?)await browser.EvaluateAsync("document.querySelectorAll('.series img').length"));

        await service.Client("plant-2").SendAsync(Open(1), Numbers(1));
        await browser.WaitForAsync("document.body.innerText.includes('plant-2')");
        await service.Client().SendAsync(Open(5), Numbers(5));
        await browser.WaitForAsync("document.body.innerText.includes('5,002')");
    }

    [Fact]
    public async Task The_page_loads_nothing_from_elsewhere_and_forbids_it()
    {
        await using RunningService service = await RunningService.StartAsync();
        using HttpResponseMessage page = await service.Http.GetAsync("/");
        string policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        foreach (string file in (string[])["/", "/page.js", "/control.js", "/account.js", "/page.css", "/icon.svg"])
        {
            using HttpResponseMessage answer = await service.Http.GetAsync(file);
            answer.EnsureSuccessStatusCode();
            string content = (await answer.Content.ReadAsStringAsync()).Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal);
            Assert.DoesNotContain("http:", content, StringComparison.Ordinal);
            Assert.DoesNotContain("https:", content, StringComparison.Ordinal);
        }
    }

    private static UploadRequest Hostile(ulong sequence, string name)
    {
        var batch = new ReadingBatch { BaseTimeUnixNanoseconds = Start, Dictionary = Uploads.Dictionary };
        batch.Definitions.Add(new SeriesDefinition { Ref = 2, Name = name, Kind = SeriesKind.Text });
        batch.Times.Add(new TimeColumn { Count = 1 });
        batch.Blocks.Add(new SeriesBlock { Series = 2, Texts = new TextColumn { Texts = { name }, Indices = { 0 } } });
        return new UploadRequest { Record = new Record { Sequence = sequence, Readings = 1, Batch = batch } };
    }
}
