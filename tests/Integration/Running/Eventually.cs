namespace Integration.Running;

/// <summary>Looks again and again until what is seen is right; what was seen last is in the failure.</summary>
internal static class Eventually
{
    public static async Task<T> Async<T>(Func<Task<T>> look, Predicate<T> isRight, TimeSpan limit)
    {
        for (var deadline = DateTimeOffset.UtcNow + limit; ; await Task.Delay(300, TestContext.Current.CancellationToken))
        {
            var seen = await look();
            if (isRight(seen))
                return seen;
            if (DateTimeOffset.UtcNow > deadline)
                Assert.Fail($"After {limit.TotalSeconds:0} s it still is {seen}");
        }
    }
}
