using Supervisor.Jobs;

namespace Supervisor.Tests.Jobs;

public sealed class OnceTests
{
    [Fact]
    public async Task All_who_need_it_wait_for_the_same_work()
    {
        var (times, done) = (0, new TaskCompletionSource());
        var once = new Once(() =>
        {
            times++;
            return done.Task;
        });

        var both = Task.WhenAll(once.DoneAsync(), once.DoneAsync());
        both.IsCompleted.ShouldBeFalse();
        done.SetResult();
        await both;
        await once.DoneAsync();
        times.ShouldBe(1);
    }

    [Fact]
    public async Task What_failed_is_tried_again_by_the_next()
    {
        var answers = new Queue<Task>([Task.FromException(new IOException("broke off")), Task.FromCanceled(new CancellationToken(true)), Task.CompletedTask]);
        var once = new Once(answers.Dequeue);

        await Should.ThrowAsync<IOException>(once.DoneAsync);
        await Should.ThrowAsync<TaskCanceledException>(once.DoneAsync);
        await once.DoneAsync();
        await once.DoneAsync();
        answers.ShouldBeEmpty();
    }
}
