import { TableBox } from './table-box.tsx';
import { tableRows } from './table-rows.ts';

/** A sentence of an answer; a quoted row of a table stands in a table below its head. */
export function SentenceText({ text }: { text: string }) {
  const table = tableRows(text);
  if (!table) return text;
  const [head, ...rows] = table;
  return (
    <TableBox>
      <thead>
        <tr>
          {head!.map((cell) => (
            <th key={cell.start} scope="col">
              {cell.text}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row[0]!.start}>
            {row.map((cell) => (
              <td key={cell.start}>{cell.text}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </TableBox>
  );
}
