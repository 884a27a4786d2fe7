/** A column of a DataTable. */
export interface Column {
  /** Names the slots `cell-KEY` and `head-KEY`. */
  readonly key: string;
  readonly label: string;
  /** CSS width; the rest is shared. */
  readonly width?: string;
  readonly align?: 'right' | 'center';
  /** Left out where the table is narrower than 640 px (`small`), 960 px (`medium`) or 1,180 px (`large`). */
  readonly hide?: 'small' | 'medium' | 'large';
  /** How the rows are ordered by it, for screen readers; the heading itself comes from its slot. */
  readonly sort?: 'ascending' | 'descending' | 'none';
  /** The heading is for screen readers only. */
  readonly isHeadUnseen?: boolean;
}
