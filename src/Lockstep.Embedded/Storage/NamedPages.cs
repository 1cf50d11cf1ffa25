using Lockstep.Service.Paging;

namespace Lockstep.Embedded.Storage;

/// <summary>Lists of things that have a name: in the order of their names, the cursor being the last name seen.</summary>
internal static class NamedPages
{
    /// <summary>
    /// Reads a page through a statement whose first parameter is the tenant's number, the second the name to start after, and the third the
    /// number of rows.
    /// </summary>
    public static Page<T> Read<T>(Store store, long? tenantNumber, PageRequest page, string sql, Func<SqliteStatement, T> read, Func<T, string> name)
    {
        if (tenantNumber is not long number)
        {
            return new Page<T>([], null);
        }

        return store.Read((number, page, sql, read, name), static (connection, query) =>
        {
            List<T> items = [];
            using SqliteStatement rows = connection.Prepare(query.sql)
                .Bind(1, query.number).Bind(2, query.page.Cursor ?? "").Bind(3, (long)query.page.MaxItems + 1);
            while (rows.Step())
            {
                if (items.Count == query.page.MaxItems)
                {
                    return new Page<T>(items, query.name(items[^1]));
                }

                items.Add(query.read(rows));
            }

            return new Page<T>(items, null);
        });
    }
}
