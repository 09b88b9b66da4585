using EdgeAgent.Testing;

namespace EdgeAgent.Ingestion.Tests.People;

public sealed class ControlPageTests
{
    private const string Hostile = "<img src=x onerror=\\\"document.title='broken'\\\">";

    private const string Identities =
        $$$"""
        {"devices":[
          {"device":"plant-1","standing":"active","reason":"","certificateUntil":"2031-05-01T00:00:00.000000000Z"},
          {"device":"plant-2","standing":"quarantined","reason":"{{{Hostile}}}","certificateUntil":null}]}
        """;

    private const string Configs =
        $$$"""
        {"devices":[
          {"device":"plant-1","state":"on-trial","number":7,"hash":"aa","versions":["fleet@3"],"held":6,"sent":7,"sentTime":null,"isWatching":true,"agentVersion":"1",
           "report":{"number":7,"outcome":"on-trial","errors":[],"omitted":0,"told":null,"received":"2026-01-01T00:00:00.000000000Z","running":7}},
          {"device":"plant-2","state":"rejected","number":5,"hash":"bb","versions":["fleet@3","device:plant-2@1"],"held":0,"sent":5,"sentTime":null,"isWatching":false,"agentVersion":"1",
           "report":{"number":5,"outcome":"rejected","errors":[{"pointer":"/i2c/0/driver","message":"There is no such driver."},{"pointer":"/gpio","message":"{{{Hostile}}}"}],
                     "omitted":3,"told":null,"received":"2026-01-01T00:00:00.000000000Z","running":0}}]}
        """;

    private const string History =
        """
        {"device":{},"groups":[],"revisions":[{"number":5,"hash":"bb","author":"bert","made":"2026-01-01T00:00:00.000000000Z","versions":["fleet@3"],"mayChangeBootstrap":false,
         "trialSeconds":0,"state":"rejected","document":null}],"reports":[{"number":4,"outcome":"reverted","errors":[{"pointer":"","message":"No receipt came within 600 s."}],"omitted":0,
         "told":null,"received":"2025-12-31T00:00:00.000000000Z","running":3}]}
        """;

    private const string Rollouts =
        """
        {"rollouts":[{"number":9,"layer":"fleet","version":3,"base":2,"state":"sending","reason":"","stages":["5","50%"],"stage":1,"afterSeconds":0,"stopAt":0.2,"devices":5,"reached":5,
         "applied":4,"givenUp":1,"author":"bert","started":"2026-01-01T00:00:00.000000000Z","entered":"2026-01-01T00:00:00.000000000Z","nextStageAt":null}]}
        """;

    [InstalledFact("chromium")]
    public async Task An_operator_sees_identity_configuration_and_rollouts_and_changes_them_after_a_confirmation()
    {
        await using StubService service = await StartAsync("operator");
        await using Browser browser = await Browser.OpenAsync(service.Address);
        await browser.WaitForAsync("document.querySelectorAll('.device').length === 2 && !document.querySelector('#rollouts').hidden");
        string text = (string)(await browser.EvaluateAsync("document.body.innerText"))!;
        foreach (string shown in (string[])
            ["certificate until", "2031", "revision 7 is on trial", "holds revision 6", "revision 5 was rejected", "holds its own file", "/i2c/0/driver: There is no such driver.", "and 3 more",
            "fleet@3, device:plant-2@1", "quarantined: <img", "4 of 5"])
        {
            Assert.Contains(shown, text, StringComparison.Ordinal);
        }
        Assert.Equal("Edge ingestion", (string?)await browser.EvaluateAsync("document.title"));

        await browser.EvaluateAsync("document.querySelectorAll('.history')[1].open = true");
        await browser.WaitForAsync("document.querySelectorAll('.history')[1].innerText.includes('No receipt came within 600 s.')");

        await ClickAsync(browser, ".identity", "Quarantine");
        await browser.WaitForAsync("document.querySelector('#confirm').open");
        await browser.EvaluateAsync("document.querySelector('#confirm-cancel').click()");
        Assert.Empty(service.Changes);
        await ClickAsync(browser, ".identity", "Quarantine");
        await browser.EvaluateAsync("document.querySelector('#confirm-reason').value = 'it floods'; document.querySelector('#confirm-do').click()");
        await browser.WaitForAsync("!document.querySelector('#confirm').open");
        await ClickAsync(browser, "#rollouts", "Stop");
        await browser.EvaluateAsync("document.querySelector('#confirm-do').click()");
        await browser.WaitForAsync("!document.querySelector('#confirm').open");

        Assert.Equal(
            [
                ("/api/admin/devices/plant-1/identity", """{"standing":"quarantined","reason":"it floods","restore":false}"""),
                ("/api/admin/config/rollouts/9/stop", "{}"),
            ],
            service.Changes);
    }

    [InstalledFact("chromium")]
    public async Task A_viewer_sees_the_same_and_has_nothing_to_press()
    {
        await using StubService service = await StartAsync("viewer");
        await using Browser browser = await Browser.OpenAsync(service.Address);
        await browser.WaitForAsync("document.body.innerText.includes('revision 7 is on trial') && document.body.innerText.includes('4 of 5')");
        Assert.Equal(0, (int?)await browser.EvaluateAsync("document.querySelectorAll('main button').length"));
    }

    [InstalledFact("chromium")]
    public async Task A_service_without_these_parts_shows_the_page_as_it_is_without_them()
    {
        await using StubService service = await StubService.StartAsync("admin");
        await using Browser browser = await Browser.OpenAsync(service.Address);
        await browser.WaitForAsync("document.querySelector('#who').textContent === 'anna · admin' && !document.querySelector('#empty').hidden");
        Assert.True((bool?)await browser.EvaluateAsync("document.querySelector('#rollouts').hidden && document.querySelector('#audit').hidden"));
    }

    private static async Task<StubService> StartAsync(string role)
    {
        StubService service = await StubService.StartAsync(role);
        service.Answers["/api/admin/devices"] = Identities;
        service.Answers["/api/admin/config/devices"] = Configs;
        service.Answers["/api/admin/config/devices/plant-2"] = History;
        service.Answers["/api/admin/config/rollouts"] = Rollouts;
        return service;
    }

    private static async Task ClickAsync(Browser browser, string within, string text) => await browser.EvaluateAsync(
        $"[...document.querySelectorAll('{within} button')].find(button => button.textContent === '{text}').click()");
}
