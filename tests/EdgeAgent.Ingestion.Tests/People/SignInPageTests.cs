using EdgeAgent.Testing;
using static EdgeAgent.Ingestion.Tests.Uploads;

namespace EdgeAgent.Ingestion.Tests.People;

public sealed class SignInPageTests
{
    [InstalledFact("chromium")]
    public async Task The_page_asks_who_it_is_shows_what_that_person_may_see_and_forgets_them()
    {
        await using RunningService service = await Persons.StartAsync();
        await service.AddAsync("anna", "operator");
        await service.Client().SendAsync(Open(1), Numbers(1));
        await using Browser browser = await Browser.OpenAsync(service.Web);
        await browser.WaitForAsync("document.querySelector('#sign-in') && !document.querySelector('#sign-in').hidden");
        Assert.DoesNotContain("plant-1", (string)(await browser.EvaluateAsync("document.body.innerText"))!, StringComparison.Ordinal);

        await SubmitAsync(browser, "not her password");
        await browser.WaitForAsync("document.querySelector('#sign-in-problem').textContent.includes('wrong')");
        await SubmitAsync(browser, Persons.Password);
        await browser.WaitForAsync("document.querySelector('#connection')?.dataset.state === 'live' && document.body.innerText.includes('plant-1')");
        await browser.WaitForAsync("document.querySelector('#who').textContent === 'anna · operator'");
        await browser.WaitForAsync("document.querySelector('#audit').innerText.includes('signed in')");
        // No script can read the cookie.
        Assert.Equal("", (string?)await browser.EvaluateAsync("document.cookie"));

        await browser.EvaluateAsync("document.querySelector('#sign-out').click()");
        await browser.WaitForAsync("document.querySelector('#sign-in') && !document.querySelector('#sign-in').hidden");
        Assert.DoesNotContain("plant-1", (string)(await browser.EvaluateAsync("document.body.innerText"))!, StringComparison.Ordinal);
    }

    private static async Task SubmitAsync(Browser browser, string password) => await browser.EvaluateAsync(
        $"document.querySelector('#name').value = 'anna'; document.querySelector('#password').value = '{password}'; document.querySelector('#sign-in').requestSubmit()");
}
