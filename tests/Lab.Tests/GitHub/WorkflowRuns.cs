using System.Net;
using System.Net.Http.Json;
using Lab.GitHub;

namespace Lab.Tests.GitHub;

/// <summary>Workflow files, from dispatch to the jobs' logs.</summary>
public class WorkflowRuns
{
    private const string Dispatch = "repos/acme/widgets/actions/workflows/canary.yml/dispatches";

    [Fact]
    public async Task The_canary_runs_on_a_runner_of_ours()
    {
        await using var server = await DoubleServer.StartAsync();
        Write(server, "canary.yml", """
            name: canary
            run-name: canary ${{ inputs.nonce }}
            on:
              workflow_dispatch:
                inputs:
                  nonce: { description: Tells this run from others., default: "" }
            jobs:
              canary:
                runs-on: [self-hosted, linux]
                steps:
                  - name: Where it runs
                    run: echo "runner $RUNNER_NAME, repository $GITHUB_REPOSITORY, run $GITHUB_RUN_ID"
                  - name: A file survives from step to step
                    run: echo "$GITHUB_RUN_ID" > proof
                  - name: And is there
                    run: test "$(cat proof)" = "$GITHUB_RUN_ID"
            """);
        using var runner = RunnerProcess.Start(await server.MintAsync("one"));
        var answer = await server.Http.PostAsJsonAsync(Dispatch, new { @ref = "main", inputs = new { nonce = "n-1" }, return_run_details = true });
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var run = (await DoubleServer.JsonAsync(answer)).GetProperty("workflow_run_id").GetInt64();
        await server.JobAsync(server.GitHub.Jobs().Single().Id);

        var body = await server.GetAsync($"repos/acme/widgets/actions/runs/{run}");
        body.GetProperty("conclusion").GetString().ShouldBe("success");
        body.GetProperty("display_title").GetString().ShouldBe("canary n-1");
        var job = (await server.GetAsync($"repos/acme/widgets/actions/runs/{run}/jobs")).GetProperty("jobs")[0];
        job.GetProperty("runner_name").GetString().ShouldBe("one");
        job.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("name").GetString()).ShouldBe(
            ["Set up job", "Where it runs", "A file survives from step to step", "And is there", "Complete job"]);
        var log = await server.Http.GetStringAsync($"repos/acme/widgets/actions/jobs/{job.GetProperty("id")}/logs");
        log.ShouldContain($"runner one, repository acme/widgets, run {run}");
    }

    [Theory]
    [InlineData("none", "skipped")]
    [InlineData("dind", null)]
    public async Task A_job_can_depend_on_an_input(string docker, string? conclusion)
    {
        await using var server = await DoubleServer.StartAsync();
        Write(server, "canary.yml", """
            on: { workflow_dispatch: { inputs: { docker: { default: dind } } } }
            jobs:
              containers: { runs-on: self-hosted, if: "${{ inputs.docker != 'none' }}", steps: [ { run: docker version } ] }
            """);

        (await server.Http.PostAsJsonAsync(Dispatch, new { @ref = "main", inputs = new { docker } })).EnsureSuccessStatusCode();

        server.GitHub.Jobs().Single().Conclusion.ShouldBe(conclusion);
    }

    [Fact]
    public async Task Steps_share_environment_path_outputs_and_see_conditions()
    {
        await using var server = await DoubleServer.StartAsync();
        Write(server, "more.yml", """
            name: more
            on: workflow_dispatch
            env: { WHO: world }
            jobs:
              one:
                runs-on: self-hosted
                env: { GREETING: hello }
                steps:
                  - id: first
                    run: |
                      echo "FOUND=$GREETING $WHO" >> "$GITHUB_ENV"
                      echo "tag=v1" >> "$GITHUB_OUTPUT"
                      mkdir -p tools && printf '#!/bin/sh\necho own tool\n' > tools/own && chmod +x tools/own
                      echo "$PWD/tools" >> "$GITHUB_PATH"
                  - run: echo "[$FOUND] [${{ steps.first.outputs.tag }}] [$MINE] [${{ runner.name }}]" && own
                    env: { MINE: "it's {${{ env.GREETING }}}" }
                  - run: exit 7
                    shell: sh
                  - run: echo not this
                  - run: echo cleaning up
                    if: always()
                  - run: echo after a failure in $(basename "$PWD")
                    if: failure()
                    working-directory: sub
            """);
        using var runner = RunnerProcess.Start(await server.MintAsync("one"));
        (await server.Http.PostAsJsonAsync(Dispatch.Replace("canary", "more", StringComparison.Ordinal), new { @ref = "main" })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var job = await server.JobAsync(server.GitHub.Jobs().Single().Id);

        job.Conclusion.ShouldBe("failure");
        job.Log.ShouldContain("Z [hello world] [v1] [it's {hello}] [one]");
        job.Log.ShouldContain("Z own tool");
        job.Log.ShouldNotContain("Z not this");
        job.Log.ShouldContain("Z cleaning up");
        job.Log.ShouldContain("Z after a failure in sub");
        job.Log.ShouldContain("exit code 7");
    }

    [Fact]
    public async Task A_job_waits_for_the_jobs_that_it_needs_and_is_skipped_when_they_fail()
    {
        await using var server = await DoubleServer.StartAsync();
        Write(server, "chain.yml", """
            on: [workflow_dispatch]
            jobs:
              last: { runs-on: self-hosted, needs: [first, middle], steps: [{ run: echo 3 }] }
              middle: { runs-on: self-hosted, needs: first, steps: [{ run: exit 1 }] }
              first: { runs-on: self-hosted, steps: [{ run: echo 1 }] }
            """);
        await server.Http.PostAsJsonAsync(Dispatch.Replace("canary", "chain", StringComparison.Ordinal), new { @ref = "main" });
        string Status(string name) => server.GitHub.Jobs().Single(j => j.Name == name) is var job ? job.Conclusion ?? job.Status : "";
        (Status("first"), Status("middle"), Status("last")).ShouldBe(("queued", "waiting", "waiting"));

        using var one = RunnerProcess.Start(await server.MintAsync("one"));
        await one.ExitAsync();
        (Status("first"), Status("middle"), Status("last")).ShouldBe(("success", "queued", "waiting"));
        using var two = RunnerProcess.Start(await server.MintAsync("two"));
        await two.ExitAsync();
        (Status("first"), Status("middle"), Status("last")).ShouldBe(("success", "failure", "skipped"));
        (await server.GetAsync("repos/acme/widgets/actions/runs")).GetProperty("workflow_runs")[0].GetProperty("conclusion").GetString().ShouldBe("failure");
    }

    [Fact]
    public async Task Conditions_of_jobs_and_steps_and_the_containers_reach_the_runner()
    {
        await using var server = await DoubleServer.StartAsync();
        Write(server, "conditions.yml", """
            on: { workflow_dispatch: { inputs: { who: { default: ada } } } }
            jobs:
              never: { runs-on: self-hosted, if: failure(), steps: [{ run: echo never }] }
              first:
                runs-on: self-hosted
                steps:
                  - run: echo for ada
                    if: inputs.who == 'ada' && runner.os == 'Linux'
                  - run: echo for eve
                    if: ${{ inputs.who == 'eve' || !true }}
                  - run: exit 1
                  - run: echo not after a failure
                    if: inputs.who == 'ada'
              cleanup: { runs-on: self-hosted, needs: first, if: always(), container: { image: "alpine:3", env: { A: b }, volumes: [/x:/x] }, services: { db: { image: postgres, ports: ["5432:5432"] } }, steps: [{ run: echo cleanup }] }
            """);
        (await server.Http.PostAsJsonAsync(Dispatch.Replace("canary", "conditions", StringComparison.Ordinal), new { @ref = "main" })).EnsureSuccessStatusCode();
        Job Named(string name) => server.GitHub.Jobs().Single(job => job.Name == name);
        Named("never").Conclusion.ShouldBe("skipped");
        using (var runner = RunnerProcess.Start(await server.MintAsync("one")))
            await runner.ExitAsync();
        Named("first").Log.ShouldContain("Z for ada");
        Named("first").Log.ShouldNotContain("Z for eve");
        Named("first").Log.ShouldNotContain("Z not after a failure");
        Named("cleanup").Status.ShouldBe("queued");

        using var caller = new BrokerCaller(server.Url, await server.MintAsync("two"));
        await caller.TokenAsync();
        await caller.OpenAsync();
        var message = await (await caller.AcquireAsync(await BrokerCaller.RequestAsync(await caller.PollAsync()))).Content.ReadAsStringAsync();
        message.ShouldContain("""
            "jobContainer":{"type":2,"map":[{"Key":"image","Value":"alpine:3"},{"Key":"env","Value":{"type":2,"map":[{"Key":"A","Value":"b"}]}},{"Key":"volumes","Value":{"type":1,"seq":["/x:/x"]}}]}
            """.Trim());
        message.ShouldContain("""
            "jobServiceContainers":{"type":2,"map":[{"Key":"db","Value":{"type":2,"map":[{"Key":"image","Value":"postgres"},{"Key":"ports","Value":{"type":1,"seq":["5432:5432"]}}]}}]}
            """.Trim());
    }

    [Theory]
    [InlineData("on: push\njobs: {}", "Workflow does not have 'workflow_dispatch' trigger")]
    [InlineData("on: workflow_dispatch\njobs: {a: {runs-on: x, strategy: {}, steps: [{run: a}]}}", "jobs.a.strategy: the lab does not do this")]
    [InlineData("on: workflow_dispatch\njobs: {a: {runs-on: x, steps: [{uses: actions/checkout@v5}]}}", "jobs.a.steps[0].uses: the lab does not do this")]
    [InlineData("on: workflow_dispatch\njobs: {a: {runs-on: x, steps: [{run: a, if: \"contains(github.ref, 'x')\"}]}}", "jobs.a.steps[0].if: the lab does not know contains")]
    [InlineData("on: workflow_dispatch\njobs: {a: {runs-on: x, if: github.ref, steps: [{run: a}]}}", "jobs.a.if: for a job the lab knows")]
    [InlineData("on: workflow_dispatch\njobs: {a: {runs-on: x, container: {image: a, credentials: {}}, steps: [{run: a}]}}", "jobs.a.container.credentials: the lab does not do this")]
    [InlineData("on: workflow_dispatch\njobs: {a: {runs-on: x, services: {db: {env: {A: b}}}, steps: [{run: a}]}}", "jobs.a.services.db.image: is missing")]
    [InlineData("on: workflow_dispatch\njobs: {a: {runs-on: x, needs: b, steps: [{run: a}]}}", "there is no job b")]
    [InlineData("on: workflow_dispatch\njobs: {a: {runs-on: x, steps: [{run: \"${{ toJSON(github) }}\"}]}}", "toJSON")]
    [InlineData("on: workflow_dispatch\njobs: {a: {runs-on: x, timeout-minutes: soon, steps: [{run: a}]}}", "timeout-minutes: should be a number above 0, is soon")]
    [InlineData("on: [", "did not find expected node content")]
    public async Task What_the_lab_does_not_do_is_refused_by_name(string workflow, string message)
    {
        await using var server = await DoubleServer.StartAsync();
        Write(server, "wrong.yml", workflow);
        var answer = await server.Http.PostAsJsonAsync(Dispatch.Replace("canary", "wrong", StringComparison.Ordinal), new { @ref = "main" });

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await DoubleServer.JsonAsync(answer)).GetProperty("message").GetString()!.ShouldContain(message);
        server.GitHub.Jobs().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_dispatch_of_a_wrong_ref_input_or_workflow_is_refused()
    {
        await using var server = await DoubleServer.StartAsync();
        async Task<(HttpStatusCode, string)> Try(string path, object body)
        {
            var answer = await server.Http.PostAsJsonAsync(path, body);
            return (answer.StatusCode, (await DoubleServer.JsonAsync(answer)).GetProperty("message").GetString()!);
        }

        (await Try(Dispatch, new { @ref = "other" })).ShouldBe((HttpStatusCode.UnprocessableEntity, "No ref found for: other"));
        (await Try(Dispatch, new { })).Item1.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Try(Dispatch, new { @ref = "main", inputs = new { what = 1 } })).Item2.ShouldBe("Unexpected inputs provided: [\"what\"]");
        (await Try(Dispatch.Replace("canary", "none", StringComparison.Ordinal), new { @ref = "main" })).Item1.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_queued_run_is_cancelled_at_once_and_can_then_be_deleted()
    {
        await using var server = await DoubleServer.StartAsync();
        await server.Http.PostAsJsonAsync(Dispatch, new { @ref = "main" });
        var run = (await server.GetAsync("repos/acme/widgets/actions/runs?event=workflow_dispatch&status=queued")).GetProperty("workflow_runs")[0];
        var path = $"repos/acme/widgets/actions/runs/{run.GetProperty("id")}";

        (await server.Http.DeleteAsync(path)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await server.Http.PostAsync($"{path}/cancel", null)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await server.GetAsync(path)).GetProperty("conclusion").GetString().ShouldBe("cancelled");
        (await server.Http.PostAsync($"{path}/cancel", null)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await server.Http.DeleteAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await server.Http.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    internal static void Write(DoubleServer server, string name, string text) =>
        File.WriteAllText(Path.Combine(server.Folder, "workflows", "acme", "widgets", ".github", "workflows", name), text);
}
