#nullable disable
namespace Nuke.Common.Utilities.Collections;

/// <summary>Adding pairs in a chain, as summaries do.</summary>
public static class DictionaryExtensions
{
    public static Dictionary<TKey, TValue> AddPair<TKey, TValue>(this Dictionary<TKey, TValue> dictionary, TKey key, TValue value = default)
    {
        dictionary.Add(key, value);
        return dictionary;
    }

    public static Dictionary<TKey, string> AddPair<TKey, TValue>(this Dictionary<TKey, string> dictionary, TKey key, TValue value = default)
    {
        dictionary.Add(key, value?.ToString());
        return dictionary;
    }

    public static Dictionary<TKey, TValue> AddPairWhenValueNotNull<TKey, TValue>(this Dictionary<TKey, TValue> dictionary, TKey key, TValue value)
        where TValue : class =>
        value == null ? dictionary : dictionary.AddPair(key, value);
}

public static class EnumerableExtensions
{
    public static void ForEach<T>(this IEnumerable<T> items, Action<T> action)
    {
        foreach (var item in items)
            action(item);
    }

    public static IEnumerable<T> WhereNotNull<T>(this IEnumerable<T> items)
        where T : class => items.Where(x => x != null);
}

public static class ConditionalExtensions
{
    public static T When<T>(this T obj, bool condition, Func<T, T> action) => condition ? action(obj) : obj;

    public static T WhenNotNull<T, TObject>(this T obj, TObject condition, Func<T, TObject, T> action) => condition == null ? obj : action(obj, condition);
}
